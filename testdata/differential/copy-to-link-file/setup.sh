echo new >file
