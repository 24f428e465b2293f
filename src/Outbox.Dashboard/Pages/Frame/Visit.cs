using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Dashboard.Access;
using Outbox.Operations;

namespace Outbox.Dashboard.Pages.Frame;

/// <summary>One request of a person: what he chose, what he may do, and the questions that it takes to answer him.</summary>
internal sealed class Visit(HttpContext http, IReadOnlySet<Capability> allowed)
{
    private static readonly TimeSpan LongestAct = TimeSpan.FromSeconds(20);
    private static readonly Capability[] Capabilities = Enum.GetValues<Capability>();
    private readonly TimeProvider _time = http.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System;
    private int _asked;
    private int _unknown;

    public HttpContext Http { get; } = http;

    public OutboxDashboardOptions Options { get; } = http.RequestServices.GetRequiredService<IOptions<OutboxDashboardOptions>>().Value;

    public DateTimeOffset Now => _time.GetUtcNow();

    public Actor Actor => Acting.Of(Http);

    /// <summary>Why nothing was found out of what was asked for, if that is so.</summary>
    public string? Away { get; private set; }

    public static async Task<Visit> OfAsync(HttpContext http)
    {
        var access = http.RequestServices.GetRequiredService<OutboxAccess>();
        var allowed = new HashSet<Capability>();
        foreach (var capability in Capabilities)
        {
            if (await access.AllowsAsync(http, capability).ConfigureAwait(false))
            {
                allowed.Add(capability);
            }
        }

        return new Visit(http, allowed);
    }

    public bool May(Capability capability) => allowed.Contains(capability);

    public T Get<T>()
        where T : notnull => Http.RequestServices.GetRequiredService<T>();

    /// <summary>What the query says; <see langword="null"/> where it says nothing.</summary>
    public string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    public string Required(string name) => Query(name) ?? throw PageException.Wrong($"The address says no '{name}'.");

    /// <summary>Asks the database, and waits no longer than the options say.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="longer">How many times as long it may take.</param>
    public async Task<Known<T>> AskAsync<T>(Func<CancellationToken, Task<T>> ask, int longer = 1)
    {
        var most = Options.QueryTimeout * longer;
        Interlocked.Increment(ref _asked);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Http.RequestAborted);
        try
        {
            return new Known<T>(await ask(enough.Token).WaitAsync(most, _time, Http.RequestAborted).ConfigureAwait(false), null);
        }
        catch (TimeoutException)
        {
            // A socket that hangs is not always left at once: it is not waited for.
            await enough.CancelAsync().ConfigureAwait(false);
            return Unknown<T>($"The database did not answer within {most.TotalSeconds:0.##} s.");
        }
        catch (Exception error) when (error is not OutboxException and not ArgumentException && !Http.RequestAborted.IsCancellationRequested)
        {
            Get<ILogger<Visit>>().PageCouldNotAsk(error, Http.Request.Path);
            return Unknown<T>($"The database could not be asked ({error.GetType().Name}); the service's log says more.");
        }
    }

    /// <summary>Does something. It is given more time than a question: what was begun should come to its end.</summary>
    /// <exception cref="PageException">It is not known whether it was done.</exception>
    public async Task<T> DoAsync<T>(Func<CancellationToken, Task<T>> act)
    {
        using var enough = new CancellationTokenSource(LongestAct, _time);
        try
        {
            // Not cancelled when the person leaves: a half of an act is worse than a whole one.
            return await act(enough.Token).WaitAsync(LongestAct, _time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutboxException and not ArgumentException)
        {
            Get<ILogger<Visit>>().PageCouldNotAct(error, Http.Request.Path);
            throw new PageException(
                StatusCodes.Status503ServiceUnavailable, "Not known whether it was done", $"The database failed meanwhile ({error.GetType().Name}). Look whether it was done, and send it again if not: to do it twice does no harm.");
        }
    }

    /// <summary>Nothing at all was found out.</summary>
    public void IsAway(string problem) => Away = problem;

    private Known<T> Unknown<T>(string problem)
    {
        if (Interlocked.Increment(ref _unknown) == Volatile.Read(ref _asked))
        {
            Away = problem;
        }

        return new Known<T>(default, problem);
    }
}
