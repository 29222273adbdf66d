// Package planted puts known mistakes into the driver and asks who finds them: the scheduler, the
// load, the comparison with the model, or the driver's own tests. Its tests are all that it has.
//
// A mistake is a small patch of the driver's own source, in testdata/defects.txt or, where one of
// the driver's own tests has to notice it, with that test in testdata/mistakes.txt. One build has
// them all, beside the driver as it is (see cmd/mutants/schemata), so that the driver itself shows
// nothing of them.
//
// What can go wrong where no lock is, as what it is planted, and who notices it; S is the
// scheduler, all others are tests of the driver:
//
//	an event of an earlier QEMU        StaleEvent, EventOfTheDead    TestEventsOfOthers
//	an event before the start is over  EarlyEvent                    S, TestEventsOfOthers
//	an event that is told late         LateEvent                     TestEventsInOrder
//	events in another order            EventsReordered               TestEventsInOrder
//	the death of an earlier QEMU       StaleEOF, StaleIsDeath        S, TestEndOfStopped
//	a job that is for something else   WrongJobType, QueryIsModify   S, TestJobEvents
//	a job of another object or time    FirstObject, NoMoment, NoEnd  TestJobEvents
//	a code that is not true            WrongCode                     S
//	A, B, A in wait                    WaitForAnyEnd                 S
//	an answer that comes twice         AnswerTwice, AnswerToNobody,
//	                                   GreetingTwice                 TestDispatch
//	an answer that comes too soon      AnswerBeforeGreeting          TestDispatch
//	numbers of commands that wrap      ByteSerial, ShortSerial,
//	                                   WordSerial                    TestSerialsDoNotWrap
//	numbers that are the same          SameSerial                    TestSerials
//	numbers that are read in part      WordID, AnyID, AnyReply       TestDispatch, S
//	memory in another unit             BalloonInKiB, MemoryInBytes,
//	                                   StartInKiB                    S, TestCalls, TestWhatGuestsHave
//	a variable that is not announced   QuietStore, QuietLoad,
//	                                   QuietList, QuietCell          TestSteps
//	a rule that is not stated          Unstated                      TestSteps
//
//	a deadline that is renewed         RenewedDeadline, RenewedWait,
//	                                   RenewedJobWait, RenewedAnswer,
//	                                   RenewedCommandDeadline        S, TestWaitIsNotRenewed
//	the deadline of something else     WrongCommandTimeout,
//	                                   WrongWaitTimeout              S
//	a refusal too soon or too late     RefusalAtOnce, NoRefusal      S
//	                                   HalfAJobTimeout,
//	                                   TwiceTheJobTimeout            TestJobTimeout
//	a silence that is borne too long   OnceMoreTheCommandTimeout     TestBrokenServers
//	a time that is told wrong          NoDuration, PatienceWithoutJob,
//	                                   EveryPoll                     TestPatience
//
//	a condition that loses a signal    LostAtTheDeadline             TestWakeUpAtTheDeadline
//	                                   StaysOnTheList, LastFirst     TestTimedWait
//	a mutex that forgets its end       FreedIsFree                   TestFreedMutex
//	a queue that forgets               LastIsLost                    TestRuntime
//	a write that fails, or is short    WritesOn, WritesAgain         TestWriteThatFails
//	                                   NoReason                      TestReasonOfTheWriter
//	                                   OneDeadline                   TestSlowReader
//	a line that has no end             HalfALine, EndlessLine        TestLengthOfLines
//	a goroutine that is left           WriterLeft, CloseDoesNotWait  TestSlowReader, TestCloseWaits
//	a connection that is left          ConnectionLeft                TestBrokenServers
//	a directory or file that is left   DirectoryLeft,
//	                                   DirectoryGoesLate             TestEndIsToldLast
//	                                   DirectoryOfNoQEMU,
//	                                   DirectoryOfNoSocket,
//	                                   SocketOfNoQEMU                TestHalfAStart
//	                                   LockOpen, LockLeft            TestRoom
//	what is somebody else's, removed   OthersRooms, OthersFiles      TestLeftovers
//	a QEMU that is left                QEMULeft                      TestQEMUDiesWithTheDriver
//
//	a QEMU that is silent              SilenceForEver                TestBrokenServers
//	a QEMU that was stopped            KillAsks                      TestStoppedQEMU
//	an answer that is late             LateCounts                    TestLateAnswer
//	                                   TooLateByAHair                TestAnswerAtTheDeadline
//	nonsense, once                     NonsenseOnce                  TestNonsenseOnce
//	half a start                       HalfAStart, HalfAStartRuns,
//	                                   JobOfAStart                   TestStartThatEndsHalfWay
//	no descriptors                     NoDescriptorToTake            TestConnectionThatCannotBeTaken
//	no space                           NoSpace, NoSpaceIsRoom        TestNoSpaceForRoom
//	a shutdown at any moment           OpenAfterClose                TestErrors
//	                                   CloseDoesNotWait,
//	                                   CloseLeavesJobs               TestCloseWaits
package planted
