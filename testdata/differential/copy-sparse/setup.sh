truncate -s 48M sparse
printf head | dd of=sparse conv=notrunc status=none
printf middle | dd of=sparse bs=1 seek=25000001 conv=notrunc status=none
