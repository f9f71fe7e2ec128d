mkdir tree
echo file >tree/deep
