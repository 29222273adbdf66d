---------------------------------------- MODULE engines_filled_twice ----------------------------------------
(* The scenario engines:filled-twice of testdata/engines.yaml, as lockproof exported it for TLC.

       java -cp tla2tools.jar tlc2.TLC -config engines_filled_twice.cfg engines_filled_twice

   with this in engines_filled_twice.cfg:

       INIT Init
       NEXT Next
       INVARIANTS NoBrokenRule
       CHECK_DEADLOCK TRUE

   A deadlock is a state in which nobody can go on, and somebody is not finished. A broken rule is a state with err set; it has no
   successors but itself. Leaks are invariants. That some thread can never finish while others run on is not one: it shows in the
   graph of states (-dump dot). Observed is for lockproof crosscheck, which wants all findings.

   Threads:
     T1: take(vm1)
     T2, T3: fill(vm1)
*)
EXTENDS Integers, TLC

VARIABLES
    pc,    \* by thread: where it stands, the number of an action below
    lock,  \* by lock: is it locked?
    var,   \* by variable: its value
    err    \* the kind of the rule that was broken, or none

vars == <<pc, lock, var, err>>

Threads == 1..3

\* vm1_full_ is vm1.full: 0, 1
Init ==
    /\ lock = [vm1_lock_ |-> FALSE]
    /\ var = [vm1_full_ |-> 0]
    /\ pc = <<0, 10, 10>> /\ err = "none"

At(t, l) == err = "none" /\ pc[t] = l

Move(t, l) == pc' = [pc EXCEPT ![t] = l]

Go(t, l) == Move(t, l) /\ UNCHANGED err

Fail(kind) == err' = kind /\ UNCHANGED <<pc, lock, var>>

\* Who waits on vm1.filled.
vm1_filled_ == {t \in Threads : pc[t] \in {4}}

\* Where a signal takes a thread that waits at l.
Wake(l) == CASE l = 4 -> 6

Finished(t) == pc[t] \in {9, 16}

AllFinished == \A t \in Threads : Finished(t)

--------------------------------------------------------------------------------
\* T1: take(vm1)

\* testdata/engines.yaml:54 take: pthread_mutex_lock(&b->lock), b = vm1
L0(t) ==
    /\ At(t, 0)
    /\ ~lock.vm1_lock_
    /\ lock' = [lock EXCEPT !.vm1_lock_ = TRUE]
    /\ Go(t, 1)
    /\ UNCHANGED var

\* testdata/engines.yaml:55 take: b->full, b = vm1; holds vm1.lock
L1(t) ==
    /\ At(t, 1)
    /\ \/ /\ var.vm1_full_ = 0
          /\ Go(t, 2)
          /\ UNCHANGED <<lock, var>>
       \/ /\ var.vm1_full_ = 1
          /\ Go(t, 3)
          /\ UNCHANGED <<lock, var>>

\* testdata/engines.yaml:56 take: pthread_cond_wait(&b->filled, &b->lock), b = vm1; holds vm1.lock
L2(t) ==
    /\ At(t, 2)
    /\ lock' = [lock EXCEPT !.vm1_lock_ = FALSE]
    /\ Go(t, 4)
    /\ UNCHANGED var

\* testdata/engines.yaml:57 take: b->full = 0, b = vm1; holds vm1.lock
L3(t) ==
    /\ At(t, 3)
    /\ var' = [var EXCEPT !.vm1_full_ = 0]
    /\ Go(t, 5)
    /\ UNCHANGED lock

\* testdata/engines.yaml:56 take: sleeps in pthread_cond_wait(&b->filled, &b->lock), b = vm1
L4(t) ==
    /\ At(t, 4)
    /\ Go(t, 6)
    /\ UNCHANGED <<lock, var>> (* wakes up spuriously *)

\* testdata/engines.yaml:58 take: b->full, b = vm1; holds vm1.lock
L5(t) ==
    /\ At(t, 5)
    /\ \/ /\ var.vm1_full_ = 0
          /\ Go(t, 7)
          /\ UNCHANGED <<lock, var>>
       \/ /\ var.vm1_full_ = 1
          /\ Go(t, 8)
          /\ UNCHANGED <<lock, var>>

\* testdata/engines.yaml:56 take: after pthread_cond_wait(&b->filled, &b->lock), b = vm1
L6(t) ==
    /\ At(t, 6)
    /\ ~lock.vm1_lock_
    /\ lock' = [lock EXCEPT !.vm1_lock_ = TRUE]
    /\ Go(t, 1)
    /\ UNCHANGED var

\* testdata/engines.yaml:59 take: pthread_mutex_unlock(&b->lock); holds vm1.lock
L7(t) ==
    /\ At(t, 7)
    /\ lock' = [lock EXCEPT !.vm1_lock_ = FALSE]
    /\ Go(t, 9)
    /\ UNCHANGED var

\* testdata/engines.yaml:58 take: assert(b->full == 0), b->full = 1; holds vm1.lock
L8(t) ==
    /\ At(t, 8)
    /\ IF TRUE THEN Fail("assert") \* b->full == 0 does not hold
       ELSE /\ FALSE

\* finished
\* (no action at 9)

take_vm1_(t) ==
    \/ L0(t) \/ L1(t) \/ L2(t) \/ L3(t) \/ L4(t) \/ L5(t) \/ L6(t) \/ L7(t) \/ L8(t)

--------------------------------------------------------------------------------
\* T2, T3: fill(vm1)

\* testdata/engines.yaml:72 fill: pthread_mutex_lock(&b->lock), b = vm1
L10(t) ==
    /\ At(t, 10)
    /\ ~lock.vm1_lock_
    /\ lock' = [lock EXCEPT !.vm1_lock_ = TRUE]
    /\ Go(t, 11)
    /\ UNCHANGED var

\* testdata/engines.yaml:73 fill: b->full, b = vm1; holds vm1.lock
L11(t) ==
    /\ At(t, 11)
    /\ \/ /\ var.vm1_full_ = 0
          /\ Go(t, 12)
          /\ UNCHANGED <<lock, var>>
       \/ /\ var.vm1_full_ = 1
          /\ Go(t, 13)
          /\ UNCHANGED <<lock, var>>

\* testdata/engines.yaml:74 fill: b->full = 1, b = vm1; holds vm1.lock
L12(t) ==
    /\ At(t, 12)
    /\ var' = [var EXCEPT !.vm1_full_ = 1]
    /\ Go(t, 14)
    /\ UNCHANGED lock

\* testdata/engines.yaml:73 fill: assert(!b->full), b->full = 1; holds vm1.lock
L13(t) ==
    /\ At(t, 13)
    /\ IF TRUE THEN Fail("assert") \* !b->full does not hold
       ELSE /\ FALSE

\* testdata/engines.yaml:75 fill: pthread_cond_broadcast(&b->filled), b = vm1; holds vm1.lock
L14(t) ==
    /\ At(t, 14)
    /\ pc' = [w \in Threads |-> IF w = t THEN 15 ELSE IF w \in vm1_filled_ THEN Wake(pc[w]) ELSE pc[w]]
    /\ UNCHANGED <<lock, var, err>>

\* testdata/engines.yaml:76 fill: pthread_mutex_unlock(&b->lock); holds vm1.lock
L15(t) ==
    /\ At(t, 15)
    /\ lock' = [lock EXCEPT !.vm1_lock_ = FALSE]
    /\ Go(t, 16)
    /\ UNCHANGED var

\* finished
\* (no action at 16)

fill_vm1_(t) ==
    \/ L10(t) \/ L11(t) \/ L12(t) \/ L13(t) \/ L14(t) \/ L15(t)

Next ==
    \/ \E t \in {1} : take_vm1_(t)
    \/ \E t \in {2, 3} : fill_vm1_(t)
    \/ (err # "none" \/ AllFinished) /\ UNCHANGED vars

NoBrokenRule == err = "none"

Stuck == err = "none" /\ ~AllFinished /\ ~ENABLED Next

ASSUME \A i \in 1..2 : TLCSet(i, FALSE)

Note(i, what, is) == is => TLCGet(i) \/ (TLCSet(i, TRUE) /\ PrintT(<<"lockproof", what>>))

Observed ==
    /\ Note(1, "deadlock", Stuck)
    /\ Note(2, "assert", err = "assert")
=============================================================================================================
