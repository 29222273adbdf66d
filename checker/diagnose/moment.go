package diagnose

import (
	"fmt"
	"time"
)

// A Clock says how much of a date and time an input gives.
type Clock uint8

// The clocks, from none to all.
const (
	NoClock  Clock = iota // no stamp at all
	Seconds               // seconds of the input's own clock
	Yearless              // month, day and time, without year and time zone
	WallTime              // date and time, without time zone
	Instant               // date and time with an offset from UTC
)

// A Moment is when something was, as exactly as the input says. The zero value is not known.
type Moment struct {
	Clock Clock
	Nanos int64 // since 1970-01-01 in UTC; of a wall clock as if it were UTC's, of seconds since their 0
	Zone  int32 // seconds east of UTC, of an instant: how it was printed
}

// Known reports whether it is known.
func (m Moment) Known() bool { return m.Clock != NoClock }

// Add is the moment that is d later.
func (m Moment) Add(d time.Duration) Moment {
	if m.Known() {
		m.Nanos += int64(d)
	}
	return m
}

// Sub is how much later m is than x; false where their clocks cannot be compared.
func (m Moment) Sub(x Moment) (time.Duration, bool) {
	if !m.Known() || m.Clock != x.Clock {
		return 0, false
	}
	return time.Duration(m.Nanos - x.Nanos), true
}

// String is 2031-04-07T09:00:12.000+00:00, without an offset or a year where the input has none
// (--08-22T04:00:33.000), or seconds; "" where it is not known.
func (m Moment) String() string {
	t := time.Unix(0, m.Nanos).UTC()
	switch m.Clock {
	case Seconds:
		return fmt.Sprintf("%.3f", float64(m.Nanos)/1e9)
	case Yearless:
		return t.Format("--01-02T15:04:05.000")
	case WallTime:
		return t.Format("2006-01-02T15:04:05.000")
	case Instant:
		return t.In(time.FixedZone("", int(m.Zone))).Format("2006-01-02T15:04:05.000-07:00")
	}
	return ""
}

// Seconds is a moment of a clock without a date, as a number.
func (m Moment) Seconds() float64 { return float64(m.Nanos) / 1e9 }
