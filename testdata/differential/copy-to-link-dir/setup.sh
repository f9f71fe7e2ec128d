mkdir tree
echo new >file
echo t >tree/t
