//go:build lockproof_defects

package driver

// seeds is the planted defect of a driver.
type seeds struct{ defect Defect }

func (s *seeds) broken(d Defect) bool { return s.defect == d }

// String is the name of the defect's constant.
func (d Defect) String() string { return defectNames[d] }

// Plant puts a defect into the driver. It exists only under the build tag lockproof_defects.
func (d *Driver) Plant(defect Defect) { d.defect = defect }

// Defects lists every defect that can be planted.
func Defects() []Defect {
	var all []Defect
	for d := NoDefect + 1; int(d) < len(defectNames); d++ {
		all = append(all, d)
	}
	return all
}

var defectNames = [...]string{
	NoDefect:           "none",
	NoRetest:           "NoRetest",
	LostSignal:         "LostSignal",
	ClearUnlocked:      "ClearUnlocked",
	NoJobRef:           "NoJobRef",
	NoEndUnref:         "NoEndUnref",
	ExtraUnref:         "ExtraUnref",
	NoTimeoutUnref:     "NoTimeoutUnref",
	IgnoreTimeout:      "IgnoreTimeout",
	MailErrorPath:      "MailErrorPath",
	DecemberErrorPath:  "DecemberErrorPath",
	DriverHeldInWait:   "DriverHeldInWait",
	DriverAfterDomain:  "DriverAfterDomain",
	ForeignEnd:         "ForeignEnd",
	JobKeptOnDeath:     "JobKeptOnDeath",
	JobKeptOnRefusal:   "JobKeptOnRefusal",
	UnlockAfterRefusal: "UnlockAfterRefusal",
	UnlockAfterEnd:     "UnlockAfterEnd",
	NoLivenessRecheck:  "NoLivenessRecheck",
	NoRemovalRecheck:   "NoRemovalRecheck",
	ReviveDead:         "ReviveDead",
	RemovalWithoutJob:  "RemovalWithoutJob",
	EarlyReturn:        "EarlyReturn",
	UnlockAfterRemoval: "UnlockAfterRemoval",
	NoJobForMonitor:    "NoJobForMonitor",
	DomainBeforeUnlock: "DomainBeforeUnlock",
	ForgottenExit:      "ForgottenExit",
	DriverInMonitor:    "DriverInMonitor",
	DomainFirstInExit:  "DomainFirstInExit",
	DomainInMonitor:    "DomainInMonitor",
	NoMonitorRef:       "NoMonitorRef",
	StatePeek:          "StatePeek",
	ListPeek:           "ListPeek",
	CloseUnderDomain:   "CloseUnderDomain",
	AnyReply:           "AnyReply",
	NoNotify:           "NoNotify",
	NoNotifyOnEOF:      "NoNotifyOnEOF",
	CommandNoRetest:    "CommandNoRetest",
	EventKeepsMonitor:  "EventKeepsMonitor",
	NoEventRef:         "NoEventRef",
	LeakEventRef:       "LeakEventRef",
	StaleEOF:           "StaleEOF",
	EventUnlocked:      "EventUnlocked",
	NoDeathOnEOF:       "NoDeathOnEOF",
	OrderAtDeath:       "OrderAtDeath",
	LateRemoval:        "LateRemoval",
	ChangeAfterJob:     "ChangeAfterJob",
	WakeOneStopped:     "WakeOneStopped",
	StoppedUnannounced: "StoppedUnannounced",
}
