--------------------------------------- MODULE engines_opposite_orders ---------------------------------------
(* The scenario engines:opposite-orders of testdata/engines.yaml, as lockproof exported it for TLC.

       java -cp tla2tools.jar tlc2.TLC -config engines_opposite_orders.cfg engines_opposite_orders

   with this in engines_opposite_orders.cfg:

       INIT Init
       NEXT Next
       INVARIANTS NoBrokenRule
       CHECK_DEADLOCK TRUE

   A deadlock is a state in which nobody can go on, and somebody is not finished. A broken rule is a state with err set; it has no
   successors but itself. Leaks are invariants. That some thread can never finish while others run on is not one: it shows in the
   graph of states (-dump dot). Observed is for lockproof crosscheck, which wants all findings.

   Threads:
     T1: forwards()
     T2: backwards()
*)
EXTENDS Integers, TLC

VARIABLES
    pc,    \* by thread: where it stands, the number of an action below
    lock,  \* by lock: is it locked?
    var,   \* by variable: its value
    err    \* the kind of the rule that was broken, or none

vars == <<pc, lock, var, err>>

Threads == 1..2

Init ==
    /\ lock = [left_ |-> FALSE, right_ |-> FALSE]
    /\ var = <<>>
    /\ pc = <<0, 5>> /\ err = "none"

At(t, l) == err = "none" /\ pc[t] = l

Move(t, l) == pc' = [pc EXCEPT ![t] = l]

Go(t, l) == Move(t, l) /\ UNCHANGED err

Fail(kind) == err' = kind /\ UNCHANGED <<pc, lock, var>>

Finished(t) == pc[t] \in {4, 9}

AllFinished == \A t \in Threads : Finished(t)

--------------------------------------------------------------------------------
\* T1: forwards()

\* testdata/engines.yaml:17 forwards: pthread_mutex_lock(&left)
L0(t) ==
    /\ At(t, 0)
    /\ ~lock.left_
    /\ lock' = [lock EXCEPT !.left_ = TRUE]
    /\ Go(t, 1)
    /\ UNCHANGED var

\* testdata/engines.yaml:18 forwards: pthread_mutex_lock(&right); holds left
L1(t) ==
    /\ At(t, 1)
    /\ ~lock.right_
    /\ lock' = [lock EXCEPT !.right_ = TRUE]
    /\ Go(t, 2)
    /\ UNCHANGED var

\* testdata/engines.yaml:19 forwards: pthread_mutex_unlock(&right); holds left, right
L2(t) ==
    /\ At(t, 2)
    /\ lock' = [lock EXCEPT !.right_ = FALSE]
    /\ Go(t, 3)
    /\ UNCHANGED var

\* testdata/engines.yaml:20 forwards: pthread_mutex_unlock(&left); holds left
L3(t) ==
    /\ At(t, 3)
    /\ lock' = [lock EXCEPT !.left_ = FALSE]
    /\ Go(t, 4)
    /\ UNCHANGED var

\* finished
\* (no action at 4)

forwards_(t) ==
    \/ L0(t) \/ L1(t) \/ L2(t) \/ L3(t)

--------------------------------------------------------------------------------
\* T2: backwards()

\* testdata/engines.yaml:25 backwards: pthread_mutex_lock(&right)
L5(t) ==
    /\ At(t, 5)
    /\ ~lock.right_
    /\ lock' = [lock EXCEPT !.right_ = TRUE]
    /\ Go(t, 6)
    /\ UNCHANGED var

\* testdata/engines.yaml:26 backwards: pthread_mutex_lock(&left); holds right
L6(t) ==
    /\ At(t, 6)
    /\ ~lock.left_
    /\ lock' = [lock EXCEPT !.left_ = TRUE]
    /\ Go(t, 7)
    /\ UNCHANGED var

\* testdata/engines.yaml:27 backwards: pthread_mutex_unlock(&left); holds left, right
L7(t) ==
    /\ At(t, 7)
    /\ lock' = [lock EXCEPT !.left_ = FALSE]
    /\ Go(t, 8)
    /\ UNCHANGED var

\* testdata/engines.yaml:28 backwards: pthread_mutex_unlock(&right); holds right
L8(t) ==
    /\ At(t, 8)
    /\ lock' = [lock EXCEPT !.right_ = FALSE]
    /\ Go(t, 9)
    /\ UNCHANGED var

\* finished
\* (no action at 9)

backwards_(t) ==
    \/ L5(t) \/ L6(t) \/ L7(t) \/ L8(t)

Next ==
    \/ \E t \in {1} : forwards_(t)
    \/ \E t \in {2} : backwards_(t)
    \/ (err # "none" \/ AllFinished) /\ UNCHANGED vars

NoBrokenRule == err = "none"

Stuck == err = "none" /\ ~AllFinished /\ ~ENABLED Next

ASSUME \A i \in 1..1 : TLCSet(i, FALSE)

Note(i, what, is) == is => TLCGet(i) \/ (TLCSet(i, TRUE) /\ PrintT(<<"lockproof", what>>))

Observed ==
    /\ Note(1, "deadlock", Stuck)
==============================================================================================================
