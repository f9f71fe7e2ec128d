truncate -s 3M f
printf middle | dd of=f bs=1 seek=1500000 conv=notrunc status=none
touch -d @1000000000 f
tar --sparse --format=gnu --owner=0 --group=0 -cf a.tar f
rm f
