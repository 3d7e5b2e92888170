const asked = 3;
