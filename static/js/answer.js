// Submits the form automatically. Without JavaScript the user presses its button.
"use strict";

document.getElementById("answer").submit();
