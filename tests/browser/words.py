"""The texts of the pages in both languages. Buttons of the paper guide are exact."""

from dataclasses import dataclass

from tests.interface import in_da, in_en


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
    new_password: str
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
    log_in=in_da("Log in"),
    name=in_da("UCPH username"),
    next=in_da("Next"),
    enter_password=in_da("Enter your password"),
    password=in_da("Password"),
    forgotten=in_da("I have forgotten my password"),
    more_needed=in_da("Protect your UCPH login"),
    set_up_app=in_da("Set up an authenticator app"),
    app_code=in_da("Code from the app"),
    app_registered=in_da("The app is now registered"),
    use_app=in_da("Use the code from your authenticator app"),
    another=in_da("I want to set up a different method"),
    choose_method=in_da("Choose a method"),
    phone=in_da("Phone"),
    enter_number=in_da("Enter your mobile number"),
    country_code=in_da("Country code"),
    phone_number=in_da("Phone number"),
    enter_code=in_da("Enter the code"),
    code=in_da("Code from text message"),
    registered=in_da("The phone is now registered"),
    done=in_da("Done"),
    choose=in_da("Confirm it's you"),
    send_to="Send sms til",
    confirm=in_da("Confirm"),
    stay=in_da("Do you want to stay logged in on this device?"),
    yes=in_da("Yes"),
    no=in_da("No"),
    help=in_da("Help with login"),
    methods=in_da("Your login methods"),
    log_out=in_da("Log out"),
    logged_out=in_da("You are logged out"),
    in_message="er din engangskode",
    authenticator_app=in_da("Authenticator app"),
    risk_of_sms="En sms kan læses af den, der har din mobil eller dit nummer.",
    cannot_use_phone=in_da("I cannot use this phone"),
    no_text_messages=in_da("You cannot use text messages"),
    other_method=in_da("Choose another method"),
    already_enrolled=in_da("You already have a login method"),
    go_on=in_da("Continue"),
    add=in_da("Add a login method"),
    change="Skift",
    change_heading=in_da("Change a login method"),
    remove=in_da("Remove"),
    remove_heading=in_da("Remove a login method"),
    use_first=in_da("Use first"),
    use_first_heading=in_da("Use this method first"),
    rename=in_da("Rename"),
    rename_heading=in_da("Rename a login method"),
    device_name=in_da("Name"),
    save=in_da("Save"),
    changed=in_da("Your login methods have been changed"),
    used_first=in_da("used first"),
    old_and_new="Før: Telefon, {old}. Nu: Telefon, {new}.",
    notice_of_change=in_da("A login method of your UCPH account was changed"),
    mail_of_change=in_da("A login method of your UCPH account was changed"),
    was_it_not_you=in_da("Was this you?"),
    not_me=in_da("It was not me"),
    told=in_da("You have told us that it was not you"),
    told_already=in_da("You have already told us. Nothing more was changed."),
    must_renew=in_da("You must choose a new password"),
    link_dead=in_da("The link no longer works"),
    new_password=in_da("Choose a new password"),
    not_used_yet=in_da("not used yet"),
    show_codes=in_da("Done, and show me recovery codes"),
    recovery_codes=in_da("Recovery codes"),
    make_codes=in_da("Make new codes"),
    your_codes=in_da("Your recovery codes"),
    use_recovery_code=in_da("Use a recovery code"),
    enter_recovery_code=in_da("Enter a recovery code"),
    recovery_code=in_da("Recovery code"),
    recovery_code_used=in_da("The code is incorrect, or you have used it already"),
    codes_left="Du har 9 reservekoder tilbage.",
    log_out_browser="Log ud af Chrome, Linux",
    device_logged_out=in_da("The device has been logged out."),
    log_out_others=in_da("Log out everywhere else"),
    logged_out_others=in_da("You are logged out everywhere else."),
    activity=in_da("Recent activity"),
    all_activity=in_da("All activity of the last 90 days"),
)

ENGLISH = Words(
    language="en",
    log_in=in_en("Log in"),
    name=in_en("UCPH username"),
    next="Next",
    enter_password=in_en("Enter your password"),
    password="Password",
    forgotten=in_en("I have forgotten my password"),
    more_needed=in_en("Protect your UCPH login"),
    set_up_app=in_en("Set up an authenticator app"),
    app_code=in_en("Code from the app"),
    app_registered=in_en("The app is now registered"),
    use_app=in_en("Use the code from your authenticator app"),
    another=in_en("I want to set up a different method"),
    choose_method=in_en("Choose a method"),
    phone="Phone",
    enter_number=in_en("Enter your mobile number"),
    country_code=in_en("Country code"),
    phone_number=in_en("Phone number"),
    enter_code=in_en("Enter the code"),
    code=in_en("Code from text message"),
    registered=in_en("The phone is now registered"),
    done="Done",
    choose=in_en("Confirm it's you"),
    send_to="Send a text message to",
    confirm="Confirm",
    stay=in_en("Do you want to stay logged in on this device?"),
    yes="Yes",
    no="No",
    help=in_en("Help with login"),
    methods=in_en("Your login methods"),
    log_out=in_en("Log out"),
    logged_out=in_en("You are logged out"),
    in_message="is your code",
    authenticator_app=in_en("Authenticator app"),
    risk_of_sms="Anyone who has your phone or your number can read a text message.",
    cannot_use_phone=in_en("I cannot use this phone"),
    no_text_messages=in_en("You cannot use text messages"),
    other_method=in_en("Choose another method"),
    already_enrolled=in_en("You already have a login method"),
    go_on="Continue",
    add=in_en("Add a login method"),
    change="Change",
    change_heading=in_en("Change a login method"),
    remove="Remove",
    remove_heading=in_en("Remove a login method"),
    use_first=in_en("Use first"),
    use_first_heading=in_en("Use this method first"),
    rename="Rename",
    rename_heading=in_en("Rename a login method"),
    device_name="Name",
    save="Save",
    changed=in_en("Your login methods have been changed"),
    used_first="used first",
    old_and_new="Before: Phone, {old}. Now: Phone, {new}.",
    notice_of_change=in_en("A login method of your UCPH account was changed"),
    mail_of_change=in_en("A login method of your UCPH account was changed"),
    was_it_not_you=in_en("Was this you?"),
    not_me=in_en("It was not me"),
    told=in_en("You have told us that it was not you"),
    told_already=in_en("You have already told us. Nothing more was changed."),
    must_renew=in_en("You must choose a new password"),
    link_dead=in_en("The link no longer works"),
    new_password=in_en("Choose a new password"),
    not_used_yet="not used yet",
    show_codes=in_en("Done, and show me recovery codes"),
    recovery_codes=in_en("Recovery codes"),
    make_codes=in_en("Make new codes"),
    your_codes=in_en("Your recovery codes"),
    use_recovery_code=in_en("Use a recovery code"),
    enter_recovery_code=in_en("Enter a recovery code"),
    recovery_code=in_en("Recovery code"),
    recovery_code_used=in_en("The code is incorrect, or you have used it already"),
    codes_left="You have 9 recovery codes left.",
    log_out_browser="Log out Chrome, Linux",
    device_logged_out=in_en("The device has been logged out."),
    log_out_others=in_en("Log out everywhere else"),
    logged_out_others=in_en("You are logged out everywhere else."),
    activity=in_en("Recent activity"),
    all_activity=in_en("All activity of the last 90 days"),
)
