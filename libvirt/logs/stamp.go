package logs

import (
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// A dater turns dates into days, and remembers the last one: those of a log are mostly equal.
type dater struct {
	text string
	nano int64
}

// day is a date like 2031-04-07 at midnight.
func (d *dater) day(b []byte) (int64, bool) {
	if string(b[:10]) == d.text {
		return d.nano, true
	}
	if b[4] != '-' && b[4] != '/' || b[7] != b[4] {
		return 0, false
	}
	c, y, m, day := two(b), two(b[2:]), two(b[5:]), two(b[8:])
	if c < 0 || y < 0 || m < 1 || m > 12 || day < 1 || day > 31 {
		return 0, false
	}
	d.text, d.nano = string(b[:10]), time.Date(c*100+y, time.Month(m), day, 0, 0, 0, 0, time.UTC).UnixNano()
	return d.nano, true
}

// clock reads a time like 09:00:12.345 or 09:00:12,345 and gives nanoseconds since midnight.
func clock(b []byte) (nano int64, rest []byte, ok bool) {
	if len(b) < 8 || b[2] != ':' || b[5] != ':' {
		return 0, b, false
	}
	h, m, s := two(b), two(b[3:]), two(b[6:])
	if h < 0 || h > 24 || m < 0 || m > 59 || s < 0 || s > 60 {
		return 0, b, false
	}
	nano = (int64(h)*3600 + int64(m)*60 + int64(s)) * 1e9
	b = b[8:]
	if len(b) < 2 || b[0] != '.' && b[0] != ',' || b[1] < '0' || b[1] > '9' {
		return nano, b, true
	}
	b = b[1:]
	scale := int64(1e8)
	for len(b) > 0 && '0' <= b[0] && b[0] <= '9' {
		nano += int64(b[0]-'0') * scale
		scale /= 10
		b = b[1:]
	}
	return nano, b, true
}

// zone reads Z, +0000, +00:00 or -07:00.
func zone(b []byte) (seconds int32, rest []byte, ok bool) {
	if len(b) > 0 && b[0] == 'Z' {
		return 0, b[1:], true
	}
	if len(b) < 5 || b[0] != '+' && b[0] != '-' {
		return 0, b, false
	}
	h, sign := two(b[1:]), int32(1)
	if b[0] == '-' {
		sign = -1
	}
	rest = b[3:]
	if rest[0] == ':' {
		rest = rest[1:]
	}
	if len(rest) < 2 {
		return 0, b, false
	}
	m := two(rest)
	if h < 0 || h > 15 || m < 0 || m > 59 {
		return 0, b, false
	}
	return sign * int32(h*3600+m*60), rest[2:], true
}

// dated reads a date, T or a blank, a time, and an offset if there is one.
func (d *dater) dated(b []byte) (at diagnose.Moment, rest []byte, ok bool) {
	if len(b) < 19 || b[10] != ' ' && b[10] != 'T' {
		return at, b, false
	}
	day, ok := d.day(b)
	if !ok {
		return at, b, false
	}
	nano, rest, ok := clock(b[11:])
	if !ok {
		return at, b, false
	}
	at = diagnose.Moment{Clock: diagnose.WallTime, Nanos: day + nano}
	z, after, ok := zone(rest)
	if !ok && len(rest) > 5 && rest[0] == ' ' {
		if z, after, ok = zone(rest[1:]); ok && rest[1] == 'Z' {
			ok = false
		}
	}
	if ok {
		at.Clock, at.Zone, at.Nanos, rest = diagnose.Instant, z, at.Nanos-int64(z)*1e9, after
	}
	return at, rest, true
}

var months = map[string]time.Month{
	"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
	"Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}

// yearless reads a stamp of syslog: Aug 22 04:01:03, also with a fraction.
func yearless(b []byte) (at diagnose.Moment, rest []byte, ok bool) {
	if len(b) < 15 || b[3] != ' ' || b[6] != ' ' {
		return at, b, false
	}
	month := months[string(b[:3])]
	day := int(b[5]) - '0'
	if b[4] != ' ' {
		day = two(b[4:])
	}
	if month == 0 || day < 1 || day > 31 {
		return at, b, false
	}
	nano, rest, ok := clock(b[7:])
	if !ok {
		return at, b, false
	}
	return diagnose.Moment{Clock: diagnose.Yearless, Nanos: time.Date(2000, month, day, 0, 0, 0, 0, time.UTC).UnixNano() +
		nano}, rest, true
}

// weekday reads the day of a week and a blank.
func weekday(b []byte) ([]byte, bool) {
	if len(b) < 4 || b[3] != ' ' {
		return b, false
	}
	switch string(b[:3]) {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		return b[4:], true
	}
	return b, false
}

// stamp reads any stamp at the front of a line: what stands between it and the front may be a
// bracket, a quote or the day of a week.
func (d *dater) stamp(b []byte) (at diagnose.Moment, rest []byte, ok bool) {
	if len(b) < 8 {
		return at, b, false
	}
	c := b[0]
	if c == '[' || c == '(' || c == '"' || c == '<' {
		b = b[1:]
		if len(b) < 8 {
			return at, b, false
		}
		c = b[0]
	}
	switch {
	case '0' <= c && c <= '9':
		if at, rest, ok = d.dated(b); ok {
			return at, rest, true
		}
		if nano, rest, ok := clock(b); ok {
			return diagnose.Moment{Clock: diagnose.Seconds, Nanos: nano}, rest, true
		}
	case 'A' <= c && c <= 'Z':
		if rest, ok := weekday(b); ok {
			b = rest
			if len(b) > 0 && '0' <= b[0] && b[0] <= '9' {
				return d.dated(b)
			}
			at, rest, ok := yearless(b)
			// Mon Apr  7 09:00:12 2031
			if year, after, found := number(trimBlanks(rest)); ok && found && year > 1990 && year < 2200 {
				t := time.Unix(0, at.Nanos).UTC()
				y := time.Date(int(year), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
				return diagnose.Moment{Clock: diagnose.WallTime, Nanos: y.UnixNano()}, after, true
			}
			return at, rest, ok
		}
		if at, rest, ok = yearless(b); ok {
			return at, rest, true
		}
		if c == 'E' || c == 'W' || c == 'I' || c == 'F' { // klog: E0407 09:00:41.120123
			if m, day := two(b[1:]), two(b[3:]); len(b) > 14 && m > 0 && m < 13 && day > 0 && b[5] == ' ' {
				if nano, rest, ok := clock(b[6:]); ok {
					return diagnose.Moment{
						Clock: diagnose.Yearless,
						Nanos: time.Date(2000, time.Month(m), day, 0, 0, 0, 0, time.UTC).UnixNano() + nano,
					}, rest, true
				}
			}
		}
	case c == ' ' && len(b) > 1: // [   12.345678]
		b = trimBlanks(b)
	}
	if s, rest, found := number(b); found && len(rest) > 7 && rest[0] == '.' { // of the boot
		f, after, ok := number(rest[1:])
		if ok && len(rest)-len(after) == 7 && after[0] == ']' {
			return diagnose.Moment{Clock: diagnose.Seconds, Nanos: s*1e9 + f*1e3}, after[1:], true
		}
	}
	return at, b, false
}

func trimBlanks(b []byte) []byte {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}
