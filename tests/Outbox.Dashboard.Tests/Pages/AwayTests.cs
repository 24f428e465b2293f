using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Tests.Browsing;
using Outbox.Dashboard.Tests.Hosting;
using Outbox.Delivery.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;

namespace Outbox.Dashboard.Tests.Pages;

public sealed class AwayTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_whose_database_hangs_or_fails_says_so_and_is_no_success(bool hangs)
    {
        var away = new Away(hangs);
        await using var host = await DashboardHost.StartAsync(Board.Settings(timeout: TimeSpan.FromMilliseconds(200), services: services => services.AddSingleton<IAudit>(away).AddSingleton<IBulkOperations>(away)));
        var client = host.Client(Person.Destroyer);

        foreach (var page in (string[])["audit", "operations", "operation?id=1"])
        {
            using var answer = await client.GetAsync($"outbox/{page}");
            var html = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("The database does not answer.", html);
            Assert.Contains(">unknown<", html);
            Assert.DoesNotContain("secret-host", html);
        }
    }

    [Fact]
    public async Task What_is_not_known_of_a_page_leaves_the_rest_of_it()
    {
        await using var host = await DashboardHost.StartAsync(Board.Settings(services: services => services.AddSingleton<IAudit>(new Away(hangs: false))));
        var id = await host.Shelf.ParkAsync(error: "The topic takes nothing.");

        using var answer = await host.Client(Person.Reader).GetAsync($"outbox/message?side=outbox&id={id}");
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("The topic takes nothing.", html);
        Assert.Contains(">unknown<", html);
    }

    [Fact]
    public async Task An_act_that_fails_says_that_nobody_knows_whether_it_was_done()
    {
        await using var host = await DashboardHost.StartAsync(Board.Settings(services: services => services.AddSingleton<IBulkOperations>(new Away(hangs: false))));

        using var answer = await host.Client(Person.Operator).PostAsync("outbox/retry-all?side=outbox", new FormUrlEncodedContent([new("reason", "because")]));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Not known whether it was done", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A database that never answers, or fails at once.</summary>
    private sealed class Away(bool hangs) : IAudit, IBulkOperations
    {
        private readonly TaskCompletionSource _never = new();

        public Task<Operations.Page<AuditEntry>> AuditAsync(AuditFilter filter, string? cursor, int size, CancellationToken cancellationToken) => FailAsync<Operations.Page<AuditEntry>>();

        public Task<BulkOperation> StartAsync(BulkRequest request, CancellationToken cancellationToken) => FailAsync<BulkOperation>();

        public Task<BulkOperation?> GetOperationAsync(string id, CancellationToken cancellationToken) => FailAsync<BulkOperation?>();

        public Task<Operations.Page<BulkOperation>> ListOperationsAsync(string? cursor, int size, CancellationToken cancellationToken) => FailAsync<Operations.Page<BulkOperation>>();

        public Task<bool> CancelAsync(string id, Operations.Decision decision, CancellationToken cancellationToken) => FailAsync<bool>();

        public Task<BulkOperation> RunAsync(string id, IProgress<BulkOperation>? progress, CancellationToken cancellationToken) => FailAsync<BulkOperation>();

        private async Task<T> FailAsync<T>()
        {
            await (hangs ? _never.Task : Task.CompletedTask);
            throw new IOException("secret-host:27017 is away");
        }
    }
}
