using Outbox_Service;

await ServiceApp.Create(args).RunAsync();
