<?php
// wp-account.php FOLDER NAME ROLE: opens an account, or takes the one that is
// there, and prints its number and a new application password.
$_SERVER['HTTP_HOST'] = parse_url(getenv('PARLEY_URL'), PHP_URL_HOST) . ':' . parse_url(getenv('PARLEY_URL'), PHP_URL_PORT);
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';
require $argv[1] . '/wp-load.php';
$user = get_user_by('login', $argv[2]);
$id = $user ? $user->ID : wp_insert_user([
	'user_login' => $argv[2], 'user_pass' => wp_generate_password(), 'user_email' => $argv[2] . '@example.org', 'role' => $argv[3], 'display_name' => ucfirst($argv[2]),
]);
if (is_wp_error($id)) {
	fwrite(STDERR, $id->get_error_message());
	exit(1);
}
[$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'parley ' . microtime()]);
echo json_encode(['id' => $id, 'password' => $password]);
