@echo off
rem Not seen on Windows yet. Sets up what is missing, then does what the word asks for: packaging\bootstrap.py.
setlocal
set "PYTHON=python"
where py >nul 2>nul && set "PYTHON=py -3"
%PYTHON% "%~dp0packaging\bootstrap.py" %*
set "CODE=%errorlevel%"
if %CODE% == 9009 echo Curator needs Python 3.11 or newer: winget install Python.Python.3.13
exit /b %CODE%
