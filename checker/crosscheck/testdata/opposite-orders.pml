/* The scenario engines:opposite-orders of testdata/engines.yaml, as lockproof exported it for SPIN.
 *
 *     spin -o1 -o2 -o3 -a FILE && cc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -c0 -n -m1000000
 *
 * Without -o2 and -o3 SPIN hides variables and merges steps, and counts other states.
 * An `invalid end state` is a deadlock: nobody can go on, and somebody is not finished. An `assertion violated` is a broken rule: the
 * number before && is its kind, from the list below. A state with err set has no successors.
 * That some thread can never finish while others run on is not something SPIN can be asked.
 *
 * Threads:
 *   T1: forwards() (process 0)
 *   T2: backwards() (process 1)
 */


byte err; /* the kind of the rule that was broken; 0: none */
#define RUN (err == 0)
#define FAIL(kind) err = kind; assert(kind && false)

bit left_; /* left: is it locked? */
bit right_; /* right: is it locked? */

/* T1: forwards() */
active [1] proctype forwards_()
{
	/* testdata/engines.yaml:17 forwards: pthread_mutex_lock(&left) */
L0:	if
	:: d_step { RUN && !left_ -> left_ = 1 }; goto L1
	fi;
	/* testdata/engines.yaml:18 forwards: pthread_mutex_lock(&right); holds left */
L1:	if
	:: d_step { RUN && !right_ -> right_ = 1 }; goto L2
	fi;
	/* testdata/engines.yaml:19 forwards: pthread_mutex_unlock(&right); holds left, right */
L2:	if
	:: d_step { RUN -> right_ = 0 }; goto L3
	fi;
	/* testdata/engines.yaml:20 forwards: pthread_mutex_unlock(&left); holds left */
L3:	if
	:: d_step { RUN -> left_ = 0 }; goto end_L4
	fi;
	/* finished */
end_L4:	false
}

/* T2: backwards() */
active [1] proctype backwards_()
{
	/* testdata/engines.yaml:25 backwards: pthread_mutex_lock(&right) */
L5:	if
	:: d_step { RUN && !right_ -> right_ = 1 }; goto L6
	fi;
	/* testdata/engines.yaml:26 backwards: pthread_mutex_lock(&left); holds right */
L6:	if
	:: d_step { RUN && !left_ -> left_ = 1 }; goto L7
	fi;
	/* testdata/engines.yaml:27 backwards: pthread_mutex_unlock(&left); holds left, right */
L7:	if
	:: d_step { RUN -> left_ = 0 }; goto L8
	fi;
	/* testdata/engines.yaml:28 backwards: pthread_mutex_unlock(&right); holds right */
L8:	if
	:: d_step { RUN -> right_ = 0 }; goto end_L9
	fi;
	/* finished */
end_L9:	false
}

/* Looks, and changes nothing. */
active proctype watch()
{
end:	do
	:: d_step { err != 0 -> skip } /* a state with a broken rule is not a deadlock */
	od
}
