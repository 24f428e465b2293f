using System.Diagnostics;
using System.Net;

namespace Outbox.Examples.Tests.Services;

public sealed class HealthTests(OrderServiceFixture service) : IClassFixture<OrderServiceFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_service_without_MongoDB_lives_but_is_not_ready()
    {
        await UntilAsync("/health/ready", HttpStatusCode.OK);
        var outbox = await service.Http.GetStringAsync("/health/outbox");
        Assert.Contains("\"status\":\"Healthy\"", outbox, StringComparison.Ordinal);
        Assert.Contains("\"pending\":0", outbox, StringComparison.Ordinal);
        await service.StopMongoDbAsync();
        await UntilAsync("/health/ready", HttpStatusCode.ServiceUnavailable);
        await UntilAsync("/health/live", HttpStatusCode.OK);
    }

    private async Task UntilAsync(string path, HttpStatusCode expected)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            using var response = await service.Http.GetAsync(path);
            if (response.StatusCode == expected)
            {
                return;
            }

            Assert.True(since.Elapsed < Patience, $"{path} answers {response.StatusCode} after {Patience.TotalSeconds:0} s: {await response.Content.ReadAsStringAsync()}");
            await Task.Delay(50);
        }
    }
}
