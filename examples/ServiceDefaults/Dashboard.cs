using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Outbox.Dashboard;

namespace ServiceDefaults;

/// <summary>The dashboard at <c>/outbox</c>, and the HTTP API below it: in Development they stand open, on loopback; elsewhere they are for people who log in, and are not there at all where <c>Dashboard:Authority</c> does not say with whom.</summary>
internal static class Dashboard
{
    private const string Engineers = "engineers";
    private const string Operators = "operators";

    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        if (AuthorityOf(builder.Configuration) is not null)
        {
            AddProtected(builder, builder.Configuration.GetSection("Dashboard"));
        }
        else if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddOutboxDashboard();
        }
    }

    public static void MapDashboard(this WebApplication app)
    {
        if (AuthorityOf(app.Configuration) is not null)
        {
            app.MapOutboxDashboard("/outbox").RequireAuthorization(Engineers);
            app.MapOutboxOperations("/outbox/api/v1").RequireAuthorization(Engineers);
        }
        else if (app.Environment.IsDevelopment())
        {
            app.MapOutboxDashboard("/outbox");
            app.MapOutboxOperations("/outbox/api/v1");
        }
    }

    private static void AddProtected(WebApplicationBuilder builder, IConfigurationSection settings)
    {
        builder.Services.AddAuthentication(schemes => (schemes.DefaultScheme, schemes.DefaultChallengeScheme) = (CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme))
            .AddCookie()
            .AddOpenIdConnect(oidc =>
            {
                oidc.Authority = settings["Authority"];
                oidc.ClientId = settings["ClientId"];
                oidc.ClientSecret = settings["ClientSecret"];
                oidc.ResponseType = OpenIdConnectResponseType.Code;
            });
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Engineers, people => people.RequireAuthenticatedUser())
            .AddPolicy(Operators, people => people.RequireRole("outbox-operator"));
        builder.Services.AddOutboxDashboard(o => (o.PayloadPolicy, o.OperatePolicy, o.DestroyPolicy) = (Operators, Operators, Operators));
    }

    private static string? AuthorityOf(IConfiguration configuration) => configuration["Dashboard:Authority"] is { Length: > 0 } authority ? authority : null;
}
