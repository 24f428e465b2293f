using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Dashboard.Tests.Browsing;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Pages;

public sealed class QueryTests
{
    private static readonly string[] Reads = ["find", "aggregate", "count", "distinct"];

    /// <summary>Tells what is done for a request from what a host looks at by itself all the time.</summary>
    private static readonly AsyncLocal<bool> OfRequest = new();

    /// <summary>What says how all is, and why something is stuck, looks at many places: each is one question of the page, and bounds itself.</summary>
    public static TheoryData<string> Pages =>
        ["failures?side=inbox", "failures?side=outbox", "parked?side=outbox", "parked?side=inbox", "parked?side=outbox&discarded=1", "parked?side=inbox&discarded=1", "message?side=outbox&id={outbox}", "message?side=inbox&id={inbox}",
         "pauses", "operations", "operation?id={operation}", "audit", "retry-all?side=outbox", "discard-all?side=inbox", "payload?side=outbox&id={outbox}"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_asks_three_questions_at_most(string page)
    {
        var seen = new ConcurrentQueue<string>();
        await using var host = await DashboardHost.StartAsync(new()
        {
            Map = app =>
            {
                app.Use((http, next) =>
                {
                    OfRequest.Value = true;
                    return next(http);
                });
                app.MapOutboxDashboard("/outbox").AllowAnonymous();
            },
            Services = services => services.AddSingleton(_ => Client(seen)),
        });
        var outbox = await host.Shelf.ParkAsync();
        var inbox = await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed());
        await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed("order-2", reason: Inbox.ParkReason.Gap, version: 5));
        var operation = await host.Get<Operations.Bulk.IBulkOperations>().StartAsync(new() { Action = Operations.Bulk.BulkAction.Retry, Reason = "because", Outbox = new() { Topic = "none" } });
        var address = $"outbox/{page.Replace("{outbox}", outbox).Replace("{inbox}", Uri.EscapeDataString(inbox)).Replace("{operation}", operation.Id)}";

        seen.Clear();
        using var answer = await host.Client(Person.Destroyer).GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(seen.Count is >= 1 and <= 3, string.Join(", ", seen));
    }

    private static IMongoClient Client(ConcurrentQueue<string> seen)
    {
        var settings = MongoClientSettings.FromConnectionString(TestServers.GetAsync().GetAwaiter().GetResult().MongoDb.ConnectionString);
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(command =>
        {
            if (Reads.Contains(command.CommandName) && OfRequest.Value)
            {
                seen.Enqueue($"{command.CommandName} {command.Command.GetValue(command.CommandName, "")}");
            }
        });
        return new MongoClient(settings);
    }
}
