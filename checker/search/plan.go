package search

// A plan is how one search goes about what it was asked for. Nothing in it changes while the search
// runs.
type plan struct {
	Options
	// assumeAlive is what a merging search takes for granted: that no step frees an object. Then
	// more steps are movers. A search that meets such a step is void, and another must do without.
	assumeAlive bool
	// gaps asks for steps that an open program lacks, and nothing else.
	gaps bool
}

// planFor assumes what makes a search fastest.
func planFor(opt Options) plan { return plan{Options: opt, assumeAlive: opt.Reduce.Merge} }

// thresholds are numbers on which no result depends. What is 0 has the value that ships; tests set
// others, through Options.
type thresholds struct {
	smallLevel int   // how many batches are not worth waking other workers for; below 0: any are
	merged     int   // the most steps that are merged with one
	overtime   int64 // the most states that are looked at again after the time is up; below 0: none
}

// The thresholds that ship. What may be looked at in overtime is enough to show how a rule was
// broken in most programs, and over soon in all.
const (
	smallLevel  = 4
	maxMerged   = 1 << 10
	maxOvertime = 1 << 19
)

// orShipped fills in the thresholds that ship.
func (t thresholds) orShipped() thresholds {
	if t.smallLevel == 0 {
		t.smallLevel = smallLevel
	}
	if t.merged == 0 {
		t.merged = maxMerged
	}
	if t.overtime == 0 {
		t.overtime = maxOvertime
	}
	return t
}
