"""The texts of the pages in both languages. Buttons of the paper guide are exact."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The texts of the pages in one language."""

    language: str
    log_in: str
    name: str
    next: str
    enter_password: str
    password: str
    forgotten: str
    more_needed: str
    set_up_app: str
    app_code: str
    app_registered: str
    use_app: str
    another: str
    choose_method: str
    phone: str
    enter_number: str
    country_code: str
    phone_number: str
    enter_code: str
    code: str
    registered: str
    done: str
    choose: str
    send_to: str
    confirm: str
    stay: str
    yes: str
    no: str
    help: str
    methods: str
    log_out: str
    logged_out: str
    in_message: str
    authenticator_app: str
    risk_of_sms: str
    cannot_use_phone: str
    no_text_messages: str
    other_method: str
    already_enrolled: str
    go_on: str
    add: str
    change: str
    change_heading: str
    remove: str
    remove_heading: str
    use_first: str
    use_first_heading: str
    rename: str
    rename_heading: str
    device_name: str
    save: str
    changed: str
    used_first: str
    old_and_new: str
    notice_of_change: str
    mail_of_change: str
    was_it_not_you: str
    not_me: str
    told: str
    told_already: str
    must_renew: str
    link_dead: str
    not_used_yet: str
    show_codes: str
    recovery_codes: str
    make_codes: str
    your_codes: str
    use_recovery_code: str
    enter_recovery_code: str
    recovery_code: str
    recovery_code_used: str
    codes_left: str
    log_out_browser: str
    device_logged_out: str
    log_out_others: str
    logged_out_others: str
    activity: str
    all_activity: str


DANISH = Words(
    language="da",
    log_in="Log ind",
    name="KU-brugernavn",
    next="Næste",
    enter_password="Indtast din adgangskode",
    password="Adgangskode",
    forgotten="Jeg har glemt min adgangskode",
    more_needed="Beskyt dit KU-login",
    set_up_app="Sæt en authenticator-app op",
    app_code="Kode fra appen",
    app_registered="Appen er nu registreret",
    use_app="Brug koden fra din authenticator-app",
    another="Jeg vil konfigurere en anden metode",
    choose_method="Vælg en metode",
    phone="Telefon",
    enter_number="Indtast dit mobilnummer",
    country_code="Landekode",
    phone_number="Telefonnummer",
    enter_code="Indtast koden",
    code="Kode fra sms",
    registered="Telefonen er nu registreret",
    done="Udført",
    choose="Bekræft, at det er dig",
    send_to="Send sms til",
    confirm="Bekræft",
    stay="Vil du forblive logget ind på denne enhed?",
    yes="Ja",
    no="Nej",
    help="Hjælp til login",
    methods="Dine loginmetoder",
    log_out="Log ud",
    logged_out="Du er logget ud",
    in_message="er din engangskode",
    authenticator_app="Authenticator-app",
    risk_of_sms="En sms kan læses af den, der har din mobil eller dit nummer.",
    cannot_use_phone="Jeg kan ikke bruge denne mobil",
    no_text_messages="Du kan ikke bruge sms",
    other_method="Vælg en anden metode",
    already_enrolled="Du har allerede en loginmetode",
    go_on="Fortsæt",
    add="Tilføj en loginmetode",
    change="Skift",
    change_heading="Skift en loginmetode",
    remove="Fjern",
    remove_heading="Fjern en loginmetode",
    use_first="Brug først",
    use_first_heading="Brug denne metode først",
    rename="Omdøb",
    rename_heading="Omdøb en loginmetode",
    device_name="Navn",
    save="Gem",
    changed="Dine loginmetoder er ændret",
    used_first="bruges først",
    old_and_new="Før: Telefon, {old}. Nu: Telefon, {new}.",
    notice_of_change="Der er skiftet en loginmetode på din KU-konto",
    mail_of_change="Der er skiftet en loginmetode på din KU-konto",
    was_it_not_you="Var det ikke dig?",
    not_me="Det var ikke mig",
    told="Du har givet besked om, at det ikke var dig",
    told_already="Du har allerede givet besked. Vi har ikke ændret mere.",
    must_renew="Du skal vælge en ny adgangskode",
    link_dead="Linket virker ikke længere",
    not_used_yet="ikke brugt endnu",
    show_codes="Udført – vis mig reservekoder",
    recovery_codes="Reservekoder",
    make_codes="Lav nye koder",
    your_codes="Dine reservekoder",
    use_recovery_code="Brug en reservekode",
    enter_recovery_code="Indtast en reservekode",
    recovery_code="Reservekode",
    recovery_code_used="Koden er forkert, eller du har allerede brugt den",
    codes_left="Du har 9 reservekoder tilbage.",
    log_out_browser="Log ud af Chrome, Linux",
    device_logged_out="Enheden er logget ud.",
    log_out_others="Log ud alle andre steder",
    logged_out_others="Du er logget ud alle andre steder.",
    activity="Seneste aktivitet",
    all_activity="Al aktivitet i de seneste 90 dage",
)

ENGLISH = Words(
    language="en",
    log_in="Log in",
    name="UCPH username",
    next="Next",
    enter_password="Enter your password",
    password="Password",
    forgotten="I have forgotten my password",
    more_needed="Protect your UCPH login",
    set_up_app="Set up an authenticator app",
    app_code="Code from the app",
    app_registered="The app is now registered",
    use_app="Use the code from your authenticator app",
    another="I want to set up a different method",
    choose_method="Choose a method",
    phone="Phone",
    enter_number="Enter your mobile number",
    country_code="Country code",
    phone_number="Phone number",
    enter_code="Enter the code",
    code="Code from text message",
    registered="The phone is now registered",
    done="Done",
    choose="Confirm it's you",
    send_to="Send a text message to",
    confirm="Confirm",
    stay="Do you want to stay logged in on this device?",
    yes="Yes",
    no="No",
    help="Help with login",
    methods="Your login methods",
    log_out="Log out",
    logged_out="You are logged out",
    in_message="is your code",
    authenticator_app="Authenticator app",
    risk_of_sms="Anyone who has your phone or your number can read a text message.",
    cannot_use_phone="I cannot use this phone",
    no_text_messages="You cannot use text messages",
    other_method="Choose another method",
    already_enrolled="You already have a login method",
    go_on="Continue",
    add="Add a login method",
    change="Change",
    change_heading="Change a login method",
    remove="Remove",
    remove_heading="Remove a login method",
    use_first="Use first",
    use_first_heading="Use this method first",
    rename="Rename",
    rename_heading="Rename a login method",
    device_name="Name",
    save="Save",
    changed="Your login methods have been changed",
    used_first="used first",
    old_and_new="Before: Phone, {old}. Now: Phone, {new}.",
    notice_of_change="A login method of your UCPH account was changed",
    mail_of_change="A login method of your UCPH account was changed",
    was_it_not_you="Was this you?",
    not_me="It was not me",
    told="You have told us that it was not you",
    told_already="You have already told us. Nothing more was changed.",
    must_renew="You must choose a new password",
    link_dead="The link no longer works",
    not_used_yet="not used yet",
    show_codes="Done, and show me recovery codes",
    recovery_codes="Recovery codes",
    make_codes="Make new codes",
    your_codes="Your recovery codes",
    use_recovery_code="Use a recovery code",
    enter_recovery_code="Enter a recovery code",
    recovery_code="Recovery code",
    recovery_code_used="The code is incorrect, or you have used it already",
    codes_left="You have 9 recovery codes left.",
    log_out_browser="Log out Chrome, Linux",
    device_logged_out="The device has been logged out.",
    log_out_others="Log out everywhere else",
    logged_out_others="You are logged out everywhere else.",
    activity="Recent activity",
    all_activity="All activity of the last 90 days",
)
