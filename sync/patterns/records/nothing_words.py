"""The words of sentences that tell of no trouble, in English and other languages."""

from typing import Final


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.replace("\n", "/").split("/") if phrase.strip())


NOTHING: Final = _words(
    "none nope nothing nil null n/a n.a na keine keiner keines kein keinerlei nichts entfällt aucun",
    "aucune rien néant ras ninguno ninguna ningún ningun nada nessuno nessuna nessun niente nenhum",
    "nenhuma geen niets ingen inga inget intet ei brak nic žádné žádný nincs yok нет отсутствуют немає",
)
"""Words that by themselves say that there is nothing."""

NO: Final = _words("no zero 0 sin sem sans ohne senza bez без zonder utan uten")
"""Words that negate the trouble after them."""

NOT: Final = _words("not didn't don't doesn't haven't hasn't wasn't weren't never")
"""Words that negate a trouble after them if "any" is in between."""

TROUBLE: Final = _words(
    "issue issues problem problems error errors gap gaps failure failures finding findings exception",
    "exceptions blocker blockers concern concerns warning warnings anomaly anomalies ambiguity",
    "ambiguities incident incidents surprise surprises deviation deviations violation violations",
    "trouble troubles complaints bug bugs defect defects regression regressions hiccup hiccups obstacle",
    "obstacles impediment impediments difficulty difficulties complication complications irregularity",
    "irregularities inconsistency inconsistencies discrepancy discrepancies contradiction",
    "contradictions uncertainty uncertainties objection objections doubt doubts question questions",
    "remark remarks suggestion suggestions risk risks probleme fehler auffälligkeiten schwierigkeiten",
    "abweichungen lücken vorkommnisse besonderheiten einwände warnungen störungen problème problèmes",
    "erreur erreurs d'erreur d'erreurs anomalie d'anomalie lacune lacunes écart écarts problema",
    "problemas errores incidencia incidencias fallo fallos novedad novedades problemi errore errori",
    "anomalia erro erros falha falhas problemen fouten bijzonderheden fel feil problemów błędów uwag",
    "проблем ошибок замечаний проблемы ошибки 重大な問題 軽微な問題 既知の問題 問題 課題",
)

FILLING: Final = _words(
    "a abnormal additional all an and any anything anywhere appeared applicable applied apply applies",
    "are arose as at be been blocking by came contract critical current currently detected did do does",
    "during else encountered encounter execution exist exists far find for found further had happened",
    "has have here i identified identify in is it kind kinds known log logged major mention mentioning",
    "met minor missing more new notable note noted noteworthy noticed now observed obvious occurred of",
    "on open or other outstanding particular present raised recorded relevant remaining remarkable",
    "report reported run see seen session significant so sort special stood surfaced task technical",
    "that the there these this time to today type unexpected unresolved unusual up us was we were",
    "whatsoever with worth yet went wrong out gefunden aufgetreten bekannt bekannten festgestellt",
    "vorhanden erkannt entdeckt gemeldet offen offenen weiteren neuen größeren kritischen es gab wurden",
    "wurde sind zu melden à de du signaler rencontré rencontrés rencontrée rencontrées détecté détectés",
    "détectée détectées constaté constatée signalé identifié trouvé connu hay hubo se encontrado",
    "encontrados encontraron detectado detectados detectaron conocido conocidos reportar conhecido",
    "identificado identificados relatar da segnalare rilevato rilevati riscontrato riscontrati trovato",
    "gevonden opgetreden funna funnet обнаружено найдено не",
)
"""Words that do not change the meaning of "no issues"."""

PREPOSITIONS: Final = _words("in of during for from on by at to")

THINGS: Final = _words(
    "acceptance api apis assertion assertions audit build builds call calls case cases change changes",
    "check checks ci code command commands contract criteria criterion data deploy deployment",
    "deployments docs documentation e2e end execution file files format functional gate gates import",
    "instructions integration item items job jobs lint linter linting logic manual migration migrations",
    "operation operations page pages performance phase phases pipeline pipelines process quality query",
    "release requirement requirements result results review run runs schema script scripts security",
    "self smoke spec stage stages step steps suite suites sync syntax system task tasks test tests tool",
    "tools type types unit upload validation validations verification workflow workflows",
)
"""What is checked, and by what."""

WHOLE: Final = _words("all both each every everything the of out total fully their our its required")

WELL: Final = _words(
    "passed passing passes pass succeeded successful successfully success green met meets satisfied",
    "satisfies fulfilled completed complete cleared ok okay fine clean cleanly clear correct correctly",
    "good well normal normally sufficient adequate done valid validated verified approved smoothly",
    "stable healthy finished worked working works unambiguous",
)
"""Words for a good result."""

BARE: Final = _words("pass complete clear correct clean valid validated verified approved")
"""Good results that at the beginning mean something else: "Pass all tests" is a task."""

AROUND: Final = _words(
    "is are was were has have had been and in on as at for now this run task session phase it they went",
    "ran executed expected planned intended very both i we",
)

GOOD: Final = _phrases("""
ok / okay / clean / clear / fine / all good / all fine / all ok / all well / no / zero / 0
everything worked / everything went well / everything fine / everything ok / everything is fine
everything is ok / everything works / everything passed / worked as expected
everything worked as expected / everything as expected / everything went as expected
everything went as planned / went smoothly / ran smoothly / everything went smoothly
everything ran smoothly / contract was sufficient / contract was clear / the contract was sufficient
the contract was clear / clean run / clean build / empty / see above / as above / same as above
no news / lgtm / looks good / looks good to me / as expected / as planned / as intended / not applicable
does not apply / doesn't apply / not relevant / all clear / contract covers this
the contract covered everything / the contract covered this / contract covered this
contract covered everything / nothing failed / none failed / nothing went wrong / all systems go
ready for review / ready to merge / ready to proceed / ready for the next phase / no impact
can proceed / can be merged / alles ok / alles gut / alles in ordnung / alles bestens / alles grün
alles klar / alle tests bestanden / alle tests erfolgreich / alle prüfungen bestanden / nicht zutreffend
nicht relevant / tout va bien / tout est ok / tout est bon / tous les tests passent / sans objet
pas de problème / pas de problèmes / pas d'erreur / pas d'erreurs / il n'y a pas de problème
non applicable / todo bien / todo ok / todo correcto / todo en orden / todas las pruebas pasaron
no aplica / no hay / no hay nada / tutto bene / tutto ok / tutti i test superati / non applicabile
tudo bem / tudo ok / tudo certo / todos os testes passaram / não há / não há problemas / não aplicável
alles goed / alle tests geslaagd / niet van toepassing / allt bra / alt ok / ei ongelmia / nie dotyczy
проблем нет / ошибок нет / замечаний нет / ошибок не обнаружено / проблем не обнаружено / все хорошо
всё хорошо / все тесты пройдены / не применимо / yok / 해당 없음 / 없음 / 문제 없음 / 문제없음 / 이슈 없음
특이사항 없음 / 없습니다 / 문제가 없습니다 / không có / không / tidak ada / tidak ada masalah
немає проблем / אין / لا يوجد / लागू नहीं / कोई नहीं
""")
"""Complete clauses that tell of no trouble, with words that are in no other list."""

UNNEEDED: Final = _words("action actions change changes fix fixes follow followup intervention rework")
NEEDED: Final = _words("needed required necessary up ups")
"""Words for what is not needed, and for the need."""

FAILED: Final = _words("failed failing")
