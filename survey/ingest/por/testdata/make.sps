* Writes pspp.por beside this script: pspp make.sps, with PSPP 1.6.2.
DATA LIST LIST /id (F4) agree (F1) income (F12.3) city (A12) day (DATE11) at (DATETIME20) clock (TIME8) w (F6.3).
BEGIN DATA
1 1 -1.5 "Köln" 06-MAY-2018 "06-MAY-2018 10:10:10" 10:10:10 0.5
2 2 10000000000 "" 31-DEC-1959 "01-JAN-1960 00:00:00" 00:00:00 1
3 9 0.1 "Zürich" 01-JAN-1970 "31-DEC-1969 23:59:59" 23:10:10 1.333
4 . -99 "Bonn" . . . 2
END DATA.
VARIABLE LABELS agree "Do you agree?".
VALUE LABELS agree 1 "Yes" 2 "No" 9 "Refused".
VALUE LABELS city "Bonn" "The old capital".
MISSING VALUES agree (9) /income (LO THRU -90) /city ("Bonn") /w (98 THRU 99, 1000).
WEIGHT BY w.
DOCUMENT made for a test.
EXPORT OUTFILE="pspp.por".
