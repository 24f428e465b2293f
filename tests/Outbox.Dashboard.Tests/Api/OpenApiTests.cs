using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Api;

public sealed class OpenApiTests
{
    private static readonly HostSettings Twice = new()
    {
        Services = services => services.AddOpenApi(),
        Map = app =>
        {
            app.MapOpenApi();
            app.MapOutboxOperations("/outbox/api/v1").RequireAuthorization("engineers");
            app.MapOutboxOperations("/again").RequireAuthorization("engineers");
        },
    };

    [Fact]
    public async Task Every_operation_is_in_the_hosts_document_with_a_name_of_its_own()
    {
        await using var host = await DashboardHost.StartAsync(Twice);
        var document = await ReadAsync(host);
        var operations = Operations(document).ToList();
        var mapped = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<OutboxEndpoint>() is not null && endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not null);

        Assert.Equal(mapped, operations.Count);
        Assert.Equal(operations.Count, operations.Select(operation => operation.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(operations, operation =>
        {
            Assert.NotEqual("", operation.GetProperty("summary").GetString());
            Assert.Equal("Outbox", operation.GetProperty("tags").EnumerateArray().Single().GetString());
            var responses = operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToList();
            Assert.Contains(responses, status => status.StartsWith('2'));
            Assert.Contains("403", responses);
            Assert.Contains("503", responses);
        });
        Assert.True(document.GetProperty("paths").TryGetProperty("/outbox/api/v1/parked/{side}/retry", out _));
    }

    [Fact]
    public async Task The_document_refers_to_what_it_has_and_says_what_is_required()
    {
        await using var host = await DashboardHost.StartAsync(Twice);
        var document = await ReadAsync(host);
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().ToDictionary(schema => schema.Name, schema => schema.Value);

        Assert.All(References(document), reference => Assert.Contains(reference["#/components/schemas/".Length..], schemas.Keys));
        Assert.StartsWith("3.", document.GetProperty("openapi").GetString());
        Assert.Contains("reason", schemas["ActBody"].GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains("code", schemas["ApiProblem"].GetProperty("properties").EnumerateObject().Select(member => member.Name));
        Assert.Contains("discard", schemas["BulkBody"].ToString() + schemas.GetValueOrDefault("BulkAction"));
    }

    private static async Task<JsonElement> ReadAsync(DashboardHost host) => JsonDocument.Parse(await host.Client(Person.Reader).GetStringAsync("openapi/v1.json")).RootElement;

    private static IEnumerable<JsonElement> Operations(JsonElement document) => document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value);

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == "$ref" && member.Value.ValueKind == JsonValueKind.String ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
