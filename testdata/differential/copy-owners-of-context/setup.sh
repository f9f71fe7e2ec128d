mkdir -p tree/sub
touch tree/f tree/sub/g
ln -s f tree/l
chown -hR 4711:4712 tree
