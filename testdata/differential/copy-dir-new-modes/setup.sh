mkdir -p tree/sticky tree/setgid tree/closed
chmod 1777 tree/sticky
chmod 2775 tree/setgid
chmod 700 tree/closed
chmod 711 tree
touch tree/sticky/f tree/setgid/f tree/closed/f
