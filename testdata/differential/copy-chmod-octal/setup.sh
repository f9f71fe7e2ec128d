mkdir -p tree/sub
touch tree/f tree/sub/g
ln -s f tree/l
chmod 711 tree/sub
