.mode list
create table t(id integer primary key, name text, value real);
begin;
with recursive n(i) as (select 1 union all select i+1 from n where i<200000) insert into t select i, 'name'||(i*7919%200003), i/7.0 from n;
commit;
create index by_name on t(name);
select count(*), sum(value), min(name), max(name) from t;
select name, value from t where name like 'name1234%' order by name limit 5;
select substr(name,5,1) d, count(*), round(avg(value),3) from t group by d order by d;
delete from t where id%3=0;
vacuum;
pragma integrity_check;
select count(*) from t;
select json_extract('{"a":[1,2,{"b":3}]}','$.a[2].b');
