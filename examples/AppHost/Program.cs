var builder = DistributedApplication.CreateBuilder(args);

var servers = builder.AddOutboxServers();
Add<Projects.OrderService>("orders");
Add<Projects.ShippingService>("shipping");

await builder.Build().RunAsync();

// Its telemetry comes to the dashboard by itself: the services have an OTLP exporter, and the app host says where to.
void Add<TProject>(string name)
    where TProject : IProjectMetadata, new()
{
    var service = builder.AddProject<TProject>(name).WithHttpEndpoint().WithOutbox(servers, name).WithHttpHealthCheck("/health/ready").WithHttpHealthCheck("/health/outbox");

    // The services' appsettings.json has an address, which would win over the one that Aspire gives.
    var port = service.GetEndpoint("http").Property(EndpointProperty.TargetPort);
    service.WithEnvironment(context => context.EnvironmentVariables["Urls"] = ReferenceExpression.Create($"http://127.0.0.1:{port}"));
}
