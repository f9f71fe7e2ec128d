mkdir tree
for mode in 4755 2755 1755 6711 7777 0000 0400; do
  echo $mode >tree/$mode
  chmod $mode tree/$mode
done
