// Package formats writes a report for other programs: JSON, JUnit, SARIF and, of a lock order, DOT.
package formats
