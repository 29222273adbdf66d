package stress

import (
	"fmt"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// isFailed reports whether a call came out so for a reason outside of the driver.
func isFailed(c driver.Code) bool {
	return c == driver.SpawnFailed || c == driver.Refused || c == driver.MonitorGone
}

// expect holds what came of a call against the faults that were asked for. Without them QEMUs start
// and live until somebody stops them.
func (l *load) expect(c driver.Call, r driver.Result) {
	text := ""
	switch {
	case c.Op == driver.OpDied && r.Code == driver.OK && !l.opts.hasOne(endsMonitors):
		text = c.Domain + ": its QEMU is gone"
	case r.Code == driver.SpawnFailed && !l.opts.hasOne(failsStarts),
		r.Code == driver.Refused && c.Op == driver.OpStart && !l.opts.has(BadAnswer),
		r.Code == driver.MonitorGone && !l.opts.hasOne(endsMonitors):
		text = r.Err.Error()
	default:
		return
	}
	f := Finding{Kind: model.AssertKind, Message: text + ", and no fault was asked for that would do this"}
	if a := l.world.actors.current(); a != nil {
		f.Client, f.Call = a.name, c.Op.String()+"("+c.Domain+")"
	}
	l.world.report(f)
}

// enough is how many starts have to fail before it is no bad luck any more that none came up.
const enough = 3

// nothingStarted finds a load in which no QEMU came up, whatever faults were asked for. It may have
// been no load at all.
func (l *load) nothingStarted() *Finding {
	var starts [2]int
	var last error
	for _, w := range l.workers {
		starts[0], starts[1] = starts[0]+w.starts[0], starts[1]+w.starts[1]
		if w.last != nil {
			last = w.last
		}
	}
	if starts[0] > 0 || starts[1] < enough {
		return nil
	}
	return &Finding{Kind: model.AssertKind, Message: fmt.Sprintf("none of %d starts came up, the last for this reason: %v",
		starts[1], last)}
}
