using OrderService;

await OrderServiceApp.Create(args).RunAsync();
