"""What karb says to a person, in English and Korean; the lowest floor, so that every other can say it."""
