<?php
// As Shaarli's .htaccess: only the files of its pages are served.
define('PARLEY_DIR', getenv('PARLEY_DIR')); // where this one keeps its data
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (preg_match('#^/(tpl|plugins|inc|assets)/#', $path) && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) {
	return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
