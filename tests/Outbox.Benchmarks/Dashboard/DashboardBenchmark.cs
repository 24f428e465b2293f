using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using Outbox.Benchmarks.Delivery;
using Outbox.Benchmarks.Servers;
using Outbox.Dashboard;

namespace Outbox.Benchmarks.Dashboard;

/// How long each page takes where 1,000,000 messages are pending and 100,000 parked.
internal static class DashboardBenchmark
{
    private const int Times = 15;
    private const double Target = 200;

    public static async Task<Figures> RunAsync(string[] args)
    {
        var figures = new Figures();
        var pending = args.Length > 0 ? int.Parse(args[0]) : 1_000_000;
        using var servers = await BenchmarkServers.StartAsync();
        await using var app = await StartAsync(servers.MongoDb);
        var (outboxId, inboxId) = await LoadedDashboard.FillAsync(app.Services, pending, pending / 20, pending / 20);
        using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };

        foreach (var (name, page) in new[]
        {
            ("overview", ""), ("failures_outbox", "failures?side=outbox"), ("failures_inbox", "failures?side=inbox"), ("parked_outbox", "parked?side=outbox"), ("parked_inbox", "parked?side=inbox"),
            ("parked_of_group", $"parked?side=inbox&group={LoadedDashboard.Group}"), ("parked_of_entity", "parked?side=outbox&entityId=order-17"), ("discarded", "parked?side=inbox&discarded=1"),
            ("message", $"message?side=outbox&id={outboxId}"), ("message_inbox", $"message?side=inbox&id={Uri.EscapeDataString(inboxId)}"), ("why_message", $"why?q={outboxId}"), ("why_entity", "why?type=order&id=order-17"),
            ("retry_all", $"retry-all?side=inbox&group={LoadedDashboard.Group}"), ("sequences", "sequences"), ("endpoints", "endpoints"), ("relays", "relays"), ("pauses", "pauses"), ("operations", "operations"), ("audit", "audit"),
        })
        {
            await MeasureAsync(figures, http, name, page);
        }

        await app.Services.GetRequiredService<IMongoClient>().DropDatabaseAsync(app.Services.GetRequiredService<IMongoDatabase>().DatabaseNamespace.DatabaseName);
        return figures;
    }

    private static async Task MeasureAsync(Figures figures, HttpClient http, string name, string page)
    {
        var times = new Percentiles();
        for (var n = -3; n < Times; n++)
        {
            var started = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync($"outbox/{page}");
            var html = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode || html.Contains("did not answer within", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{name}: {answer.StatusCode} {html}");
            }

            if (n >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(started));
            }
        }

        figures.AtMost($"dashboard.{name}_milliseconds", times.At(0.5), Target);
    }

    private static async Task<WebApplication> StartAsync(string mongoDb)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRoutingCore();
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (mongoDb, $"dashboard{Guid.NewGuid():N}"));
            o.RelayEnabled = false;
            o.Topic("orders", t => t.EntityType = "order");
        });

        // What takes longer than a target is a figure, and no unknown.
        builder.Services.AddOutboxDashboard(o => o.QueryTimeout = TimeSpan.FromSeconds(60));
        var app = builder.Build();
        app.MapOutboxDashboard("/outbox");
        await app.StartAsync();
        return app;
    }
}
