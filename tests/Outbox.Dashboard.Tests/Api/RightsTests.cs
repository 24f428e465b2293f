using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Mapping;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Api;

public sealed class RightsTests
{
    private static readonly Dictionary<string, Capability> Other = new()
    {
        ["GET /parked/{side}/payload"] = Capability.Payload,
        ["POST /parked/{side}/retry"] = Capability.Operate,
        ["POST /parked/{side}/restore"] = Capability.Operate,
        ["POST /parked/{side}/discard"] = Capability.Destroy,
        ["PUT /parked/{side}/payload"] = Capability.Destroy,
        ["POST /sequences/release"] = Capability.Destroy,
        ["PUT /pauses"] = Capability.Operate,
        ["DELETE /pauses"] = Capability.Operate,
        ["POST /operations"] = Capability.Operate,
        ["POST /operations/{id}/cancel"] = Capability.Operate,
    };

    private static readonly (Person Person, Capability[] Has)[] People =
    [
        (Person.Stranger, []),
        (Person.Reader, [Capability.Read]),
        (Person.Inspector, [Capability.Read, Capability.Payload]),
        (Person.Operator, [Capability.Read, Capability.Operate]),
        (Person.Destroyer, [Capability.Read, Capability.Payload, Capability.Operate, Capability.Destroy]),
    ];

    [Fact]
    public async Task Each_operation_says_what_it_needs_and_is_refused_to_all_who_lack_it()
    {
        await using var host = await ApiHost.StartAsync();
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<OutboxEndpoint>() is not null).ToList();
        Assert.True(endpoints.Count > 20, $"There are {endpoints.Count} endpoints.");

        foreach (var endpoint in endpoints)
        {
            var method = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Single();
            var path = endpoint.RoutePattern.RawText!["/outbox/api/v1".Length..];
            var needs = endpoint.Metadata.GetMetadata<Needs>()?.Capability;

            Assert.True(Other.GetValueOrDefault($"{method} {path}", Capability.Read) == needs, $"{method} {path} needs {needs}.");
            Assert.True(needs != Capability.Read || method == "GET", $"{method} {path} needs no more than to read.");
            await TryAllAsync(host, method, path, needs!.Value);
        }
    }

    private static async Task TryAllAsync(DashboardHost host, string method, string path, Capability needs)
    {
        var concrete = path[1..].Replace("{side}", "outbox").Replace("{id}", "x");
        foreach (var type in new[] { "application/json", "text/plain" })
        {
            Assert.Equal(401, (await host.As(null).SendAsync(new HttpMethod(method), concrete, method == "GET" ? null : "{}", type: type)).Status);
            foreach (var (person, has) in People)
            {
                var answer = await host.As(person).SendAsync(new HttpMethod(method), concrete, method == "GET" ? null : "{}", type: type);
                var may = has.Contains(needs);

                Assert.True(may == answer.Status is not (401 or 403), $"{person.Name} gets {answer.Status} of {method} {path}.");
                Assert.True(may || answer.Outcome == "403 notPermitted", $"{person.Name} gets {answer.Outcome} of {method} {path}.");
                Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            }
        }
    }

    [Fact]
    public async Task Many_are_given_up_only_by_those_who_may_give_up_one()
    {
        await using var host = await ApiHost.StartAsync();
        var body = new { side = "outbox", action = "discard", filter = new { }, reason = "a test" };

        Assert.Equal("403 notPermitted", (await host.As(Person.Operator).PostAsync("operations", body)).Outcome);
        Assert.Empty((await host.As(Person.Reader).GetAsync("operations")).Items);
        Assert.Equal("202", (await host.As(Person.Destroyer).PostAsync("operations", body)).Outcome);
    }

    [Fact]
    public async Task A_page_of_another_site_changes_nothing()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.Shelf.ParkAsync();
        var client = host.Client(Person.Destroyer);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal("403 crossSite", (await new Caller(client).PostAsync("parked/outbox/discard", new { id, reason = "not mine" })).Outcome);
        Assert.Single((await host.As(Person.Reader).GetAsync("parked")).Items);
    }
}
