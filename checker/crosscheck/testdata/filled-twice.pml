/* The scenario engines:filled-twice of testdata/engines.yaml, as lockproof exported it for SPIN.
 *
 *     spin -o1 -o2 -o3 -a FILE && cc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -c0 -n -m1000000
 *
 * Without -o2 and -o3 SPIN hides variables and merges steps, and counts other states.
 * An `invalid end state` is a deadlock: nobody can go on, and somebody is not finished. An `assertion violated` is a broken rule: the
 * number before && is its kind, from the list below. A state with err set has no successors.
 * That some thread can never finish while others run on is not something SPIN can be asked.
 *
 * Threads:
 *   T1: take(vm1) (process 0)
 *   T2, T3: fill(vm1) (processes 1 to 2)
 */

#define ASSERT 24

byte err; /* the kind of the rule that was broken; 0: none */
#define RUN (err == 0)
#define FAIL(kind) err = kind; assert(kind && false)

#define vm1_filled_ 1 /* vm1.filled */
byte waiting[3]; /* by process: the condition on which it sleeps; 0: none, or signalled */

bit vm1_lock_; /* vm1.lock: is it locked? */
bit vm1_full_ = 0; /* vm1.full: 0, 1 */

/* T1: take(vm1) */
active [1] proctype take_vm1_()
{
	/* testdata/engines.yaml:54 take: pthread_mutex_lock(&b->lock), b = vm1 */
L0:	if
	:: d_step { RUN && !vm1_lock_ -> vm1_lock_ = 1 }; goto L1
	fi;
	/* testdata/engines.yaml:55 take: b->full, b = vm1; holds vm1.lock */
L1:	if
	:: RUN && vm1_full_ == 0 -> goto L2
	:: RUN && vm1_full_ == 1 -> goto L3
	fi;
	/* testdata/engines.yaml:56 take: pthread_cond_wait(&b->filled, &b->lock), b = vm1; holds vm1.lock */
L2:	if
	:: d_step { RUN -> vm1_lock_ = 0; waiting[0] = vm1_filled_ }; goto L4
	fi;
	/* testdata/engines.yaml:57 take: b->full = 0, b = vm1; holds vm1.lock */
L3:	if
	:: d_step { RUN -> vm1_full_ = 0 }; goto L5
	fi;
	/* testdata/engines.yaml:56 take: sleeps in pthread_cond_wait(&b->filled, &b->lock), b = vm1 */
L4:	if
	:: d_step { RUN && waiting[0] != 0 -> waiting[0] = 0 }; goto L4 /* wakes up spuriously */
	:: d_step { RUN && waiting[0] == 0 && !vm1_lock_ -> vm1_lock_ = 1 }; goto L1
	fi;
	/* testdata/engines.yaml:58 take: b->full, b = vm1; holds vm1.lock */
L5:	if
	:: RUN && vm1_full_ == 0 -> goto L7
	:: RUN && vm1_full_ == 1 -> goto L8
	fi;
	/* testdata/engines.yaml:59 take: pthread_mutex_unlock(&b->lock); holds vm1.lock */
L7:	if
	:: d_step { RUN -> vm1_lock_ = 0 }; goto end_L9
	fi;
	/* testdata/engines.yaml:58 take: assert(b->full == 0), b->full = 1; holds vm1.lock */
L8:	if
	:: d_step { RUN -> FAIL(ASSERT) }; goto L8 /* b->full == 0 does not hold */
	fi;
	/* finished */
end_L9:	false
}

/* T2, T3: fill(vm1) */
active [2] proctype fill_vm1_()
{
	/* testdata/engines.yaml:72 fill: pthread_mutex_lock(&b->lock), b = vm1 */
L10:	if
	:: d_step { RUN && !vm1_lock_ -> vm1_lock_ = 1 }; goto L11
	fi;
	/* testdata/engines.yaml:73 fill: b->full, b = vm1; holds vm1.lock */
L11:	if
	:: RUN && vm1_full_ == 0 -> goto L12
	:: RUN && vm1_full_ == 1 -> goto L13
	fi;
	/* testdata/engines.yaml:74 fill: b->full = 1, b = vm1; holds vm1.lock */
L12:	if
	:: d_step { RUN -> vm1_full_ = 1 }; goto L14
	fi;
	/* testdata/engines.yaml:73 fill: assert(!b->full), b->full = 1; holds vm1.lock */
L13:	if
	:: d_step { RUN -> FAIL(ASSERT) }; goto L13 /* !b->full does not hold */
	fi;
	/* testdata/engines.yaml:75 fill: pthread_cond_broadcast(&b->filled), b = vm1; holds vm1.lock */
L14:	if
	:: d_step { RUN -> if :: waiting[0] == vm1_filled_ -> waiting[0] = 0 :: else -> skip fi }; goto L15 /* wakes everybody */
	fi;
	/* testdata/engines.yaml:76 fill: pthread_mutex_unlock(&b->lock); holds vm1.lock */
L15:	if
	:: d_step { RUN -> vm1_lock_ = 0 }; goto end_L16
	fi;
	/* finished */
end_L16:	false
}

/* Looks, and changes nothing. */
active proctype watch()
{
end:	do
	:: d_step { err != 0 -> skip } /* a state with a broken rule is not a deadlock */
	od
}
