mkdir tree
touch tree/.wh.one tree/file
