using System.Net;
using System.Net.Http.Json;
using Outbox.Embedded;
using Outbox.Embedded.Kafka;
using Outbox_Service.Orders;
using Outbox_Service.Shipments;

namespace Outbox_Service.Tests;

/// <summary>The whole service over HTTP, with MongoDB and Kafka in this process.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task An_order_becomes_a_shipment()
    {
        await using var servers = await EmbeddedServers.StartAsync(kafka: new KafkaClusterOptions { Topics = { [Messaging.Topic] = 4 } });
        await using var app = ServiceApp.Create(
        [
            "--Urls=http://127.0.0.1:0",
            $"--Outbox:MongoDb:Connection={servers.MongoDb.ConnectionString}",
            $"--Outbox:Kafka:BootstrapServers={servers.Kafka.BootstrapServers}",
        ]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var answer = await http.PostAsJsonAsync("/orders", new PlaceOrder("bread", 2), TestContext.Current.CancellationToken);
        var order = await answer.Content.ReadFromJsonAsync<Order>(TestContext.Current.CancellationToken);

        var shipment = await GetWhenThereAsync<Shipment>(http, $"/shipments/{order!.Id}");
        Assert.Equal(("bread", 1), (shipment.Item, shipment.Version));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The message is on its way: asks until what it brings is there.</summary>
    private static async Task<T> GetWhenThereAsync<T>(HttpClient http, string path)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var answer = await http.GetAsync(path, limit.Token);
            if (answer.StatusCode != HttpStatusCode.NotFound)
            {
                return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(limit.Token))!;
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
