mkdir tree
ln -s one tree/deep
