using ShippingService;

await ShippingServiceApp.Create(args).RunAsync();
