"""The pages for translators."""

from django.urls import path

from words import views

app_name = "words"

urlpatterns = [
    path("words/", views.index, name="index"),
    path("words/texts/", views.texts, name="texts"),
    path("words/<slug:section>/", views.section, name="section"),
    path("words/show/<slug:slug>/<slug:language>/", views.show, name="show"),
]
