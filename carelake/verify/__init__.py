"""Holding the lake against what is known to be true of it.

Two kinds of evidence: the sealed truth that the generator wrote beside the landing zone, and what any lake
must obey (rows and money reconcile, keys are unique, references resolve). Nothing here shares code with what
builds the lake: values are read from the delivered text by other means, so that a fault in one shows in the
other. Tables are read through delta-rs and Polars; no JVM is started.

| module | what it holds against what |
|---|---|
| `progress` | landing zone, register of files and truth: what is loaded, what waits, what was set aside |
| `outcomes` | the truth's list of defects: quarantine, silver, superseded rows, warnings |
| `reconcile` | landing files against bronze, silver and quarantine, row by row and to the cent |
| `history` | `dim_patient` against the true history, and against the rules of SCD2 |
| `keys` | primary keys, and gold against silver: same rows, same values, same money |
| `experience` | emergency times, surveys and adverse events against the encounters they belong to |
| `reviews` | reviews against the claims they are about, claims against the truth's list of them |
| `references` | keys in gold against the dimensions they name |
| `drugs` | medications against procedures, claims, deaths and their own amounts |
| `operations` | beds against stays and infection reports, nursing hours against open wards |
| `observed` | observations against the times of their encounters, and against their own order and ranges |
| `stays` | stays and readmissions against the truth's list, stays against the rows they are made of |
| `treated` | treatments against the diagnoses and the deaths of their patients |
"""
