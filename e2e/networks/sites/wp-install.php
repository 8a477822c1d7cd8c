<?php
// wp-install.php FOLDER: makes an empty blog whose administrator is brewell.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url(getenv('PARLEY_URL'), PHP_URL_HOST) . ':' . parse_url(getenv('PARLEY_URL'), PHP_URL_PORT);
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';
function wp_mail(...$any) { return true; }
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Brewell’s blog', 'brewell', 'hello@brewell.example', true, '', getenv('PARLEY_SECRET'));
update_option('comment_previously_approved', 0); // comments show at once
update_option('permalink_structure', '/%postname%/');
flush_rewrite_rules();
wp_delete_comment(1, true); // WordPress welcomes its owner with one
