static int flag1, flag2, turn, x;
void p1(void) { flag1 = 1; turn = 1; while (flag2 == 1 && turn == 1); x = 0; assert(x <= 0); flag1 = 0; }
void p2(void) { flag2 = 1; turn = 0; while (flag1 == 1 && turn == 0); x = 1; assert(x >= 1); flag2 = 0; }
