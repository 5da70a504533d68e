"""Are the spans and kinds of logged edits those that an editor would mark?"""
