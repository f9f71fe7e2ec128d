mkdir -p tree/sub
touch tree/f tree/x tree/sub/g
chmod 600 tree/f
chmod 711 tree/x
chmod 2700 tree/sub
